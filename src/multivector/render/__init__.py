"""What people see: figures, sections and the report. Nothing in here computes a measure."""

"""Sources: one data set, one file; a module dropped in here is found by itself."""

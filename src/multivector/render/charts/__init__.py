"""Charts: one file each, holding one :class:`multivector.render.figure.Chart`."""

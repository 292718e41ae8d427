"""Report sections: one file each, holding one :class:`multivector.render.section.Section`."""

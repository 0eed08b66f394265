"""Which passages match? Engines behind one port (`engine`); text stays in the store."""

"""What do we talk about? Values that travel through every room. Imports nothing above `errors`."""

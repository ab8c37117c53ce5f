"""The widgets: they show the data passed to them and post messages, independent of screens."""

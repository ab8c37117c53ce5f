"""The screens: the main one, what it can do, and its dialogs."""

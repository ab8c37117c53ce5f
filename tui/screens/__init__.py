"""The screens: the main screen, the duplicates screen, and the dialogs."""

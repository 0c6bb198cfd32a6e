"""Keeping an installation alive: backup and restore, the worker's heartbeat, readiness, and checks of the settings.

The app has no rows. It reads those of the apps below it, and the home folder.
"""

"""Reads Vietnamese directives and plans and answers who does what, by when, because of which document."""

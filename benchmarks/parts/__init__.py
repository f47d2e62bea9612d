"""What is measured, a part each; every part can be run alone."""

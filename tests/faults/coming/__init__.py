"""The next release, as far as its migration: an application that tests/faults/test_migrations.py installs."""

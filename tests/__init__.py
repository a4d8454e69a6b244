"""The tests of Verbatim; they mirror its packages."""

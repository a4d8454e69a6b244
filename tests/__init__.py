"""The tests of Verbatim; they mirror its two packages."""

"""Tests against real servers on the loopback: OpenSearch and PostgreSQL. `make test-cluster` runs them."""

"""A collection whose candidates a search cluster finds: OpenSearch holds the terms, a store the articles.

Ranking, decision and proof work on the articles of the candidates, as over a collection in this process.
"""

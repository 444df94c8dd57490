"""The register's pages. So far: the tree of divisions."""

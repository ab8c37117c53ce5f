"""Tantivy as a search engine, for millions of papers; needs the extra `millions`."""

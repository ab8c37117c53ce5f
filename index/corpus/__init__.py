"""A team's corpus of papers on an OpenSearch cluster; its readers keep marks and copies locally.

Nothing of it is imported unless a corpus is configured; it needs the extra `team`.
"""

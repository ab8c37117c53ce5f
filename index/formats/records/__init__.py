"""What formats of many records share: decoding, JSON and XML as streams, names and dates."""

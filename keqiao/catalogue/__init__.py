"""What: the content of a region's market as data, found by discovery; one file or folder an item, no name in code."""

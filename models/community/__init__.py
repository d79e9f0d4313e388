"""The register: compounds, buildings, households, people, roles, and who answers for what."""

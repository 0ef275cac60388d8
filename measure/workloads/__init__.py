"""The workloads that need torch: the only folder that imports it."""

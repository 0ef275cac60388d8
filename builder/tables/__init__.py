"""From files to validated DuckDB tables: is it right?"""

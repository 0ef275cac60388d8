"""From numbers and charts to the site's files: where does it stand?"""

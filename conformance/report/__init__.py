"""What a run shows: Allure labels and attachments, the matrix, summaries."""

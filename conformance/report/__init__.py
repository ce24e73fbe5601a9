"""The reports of a run: the matrix, the summary, transcripts, plots and Allure's page."""

"""Views: what a rule judges, built from a case or a session. A view is None where its rules do not apply."""

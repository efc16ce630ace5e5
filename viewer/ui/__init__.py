"""The Gradio side: the Blocks app that holds the views. Gradio is imported here and in `app.py` alone."""

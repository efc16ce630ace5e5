"""Routes and middleware beside Gradio's: JSON and column pages for the dense views, and what guards them."""

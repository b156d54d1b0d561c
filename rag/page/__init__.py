"""The page: what readers see and click. All that knows Gradio is in here; `launch` serves it."""

"""Serves the page: its address, its looks, what Gradio may do and what not.

Importing this module imports Gradio, so the command line does it inside `serve`.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import gradio as gr

from index.errors import OnrecordError
from rag.page.headers import Headers
from rag.page.page import build_page
from rag.page.parts import ASSETS, MAX_ASKING, stylesheet

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.conversations import Conversations

MAX_FILE_SIZE = "200mb"
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Ubuntu", "Noto Sans", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with the system's fonts and our colours.

    The style sheet goes in as the theme's own: Gradio rewrites the selectors of `css=`.
    """
    plain = gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=SYSTEM_FONTS, font_mono=SYSTEM_MONO, radius_size="sm"
    )
    plain.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#161614",
        body_text_color="#1d1c1a",
        body_text_color_dark="#ece9e2",
    )
    plain.custom_css = stylesheet()
    return plain


def _check_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            return
    except OverflowError:
        raise OnrecordError(f"found port {port}, wanted 1 to 65535: choose another with --port") from None
    except OSError as error:
        raise OnrecordError(
            f"found {host}:{port} not to be had ({error.strerror or error}), wanted a free port: "
            "stop what serves there, or choose another with --port"
        ) from None


def launch(
    assistant: Assistant,
    host: str = "127.0.0.1",
    port: int = 7860,
    *,
    conversations: Conversations | None = None,
    open_browser: bool = False,
    block: bool = True,
) -> gr.Blocks:
    """Serve the page at http://host:port until interrupted; with `block` false return at once.

    Without `conversations` none are kept.

    OnrecordError when the port is taken.
    """
    from starlette.middleware import Middleware

    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    _check_port(host, port)
    page = build_page(assistant, conversations)
    page.queue(default_concurrency_limit=4)
    page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        prevent_thread_lock=not block,
        share=False,
        quiet=True,
        show_error=True,
        max_threads=40 + MAX_ASKING,
        favicon_path=ASSETS / "icon.png",
        theme=theme(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        allowed_paths=[],
        max_file_size=MAX_FILE_SIZE,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        app_kwargs={"middleware": [Middleware(Headers)], "docs_url": None, "redoc_url": None},
    )
    return page

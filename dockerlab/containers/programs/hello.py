"""El programa de la imagen hello-world: saluda, cuenta cómo ha llegado hasta ahí y acaba."""

from __future__ import annotations

from typing import Any

from .options import Options, applet

GREETING = """
Hello from Docker!
This message shows that your installation appears to be working correctly.

"""
STORY = """To generate this message, Docker took the following steps:
 1. The Docker client contacted the Docker daemon.
 2. The Docker daemon pulled the "hello-world" image from the Docker Hub.
    (amd64)
 3. The Docker daemon created a new container from that image which runs the
    executable that produces the output you are currently reading.
 4. The Docker daemon streamed that output to the Docker client, which sent it
    to your terminal.

To try something more ambitious, you can run an Ubuntu container with:
 $ docker run -it ubuntu bash

Share images, automate workflows, and more with a free Docker ID:
 https://hub.docker.com/

For more examples and ideas, visit:
 https://docs.docker.com/get-started/

"""


@applet("hello-world", None)
def hello_world(sys: Any, opt: Options) -> int:
    """El mensaje de la imagen oficial, entero."""
    sys.out(GREETING + STORY)
    return 0


@applet("hello-oracle", None)
def hello_oracle(sys: Any, opt: Options) -> int:
    """El mensaje de la imagen con la que se grabó el Docker de verdad: solo el saludo."""
    sys.out(GREETING)
    return 0

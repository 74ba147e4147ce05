"""Construir imágenes: del Dockerfile y una carpeta a las capas, paso a paso y con caché.

    plan, graph, arguments   qué etapas hay y cuáles hacen falta
    config, state, ports     qué cambia cada instrucción en la configuración
    work, keys, cache, why   cada paso con su nombre, su clave, y por qué acierta o falla
    context, inputs          qué viaja al constructor y qué toma cada paso
    copy, unpack             qué se elige y dónde queda
    run, mounting            RUN, en un contenedor de usar y tirar
    steps, builder           todo junto: los sucesos, uno a uno, y la imagen al final

    >>> from dockerlab.build.context import Context
    >>> from dockerlab.build.options import Ports
    >>> from dockerlab.build.steps import build
    >>> imagen = build(Ports(resolve=None), Context.of({"Dockerfile": "FROM scratch\\nCOPY a /a", "a": "hola"}))
    >>> imagen.filesystem().read("/a"), imagen.history[-1].entry.created_by
    (b'hola', 'COPY a /a # buildkit')
"""

"""Los tableros: lo que se dibuja está dicho, lo que no cabe se pliega y cada cosa conserva su sitio."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.scenes import compose, layers, layout, travel
from dockerlab.scenes.board import Board, Item, Zone
from dockerlab.scenes.primitives import Text, walk

from .films import film
from .geometry import drawings, faults, rectangles
from .worlds import WORLDS, secret_image, story

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@pytest.mark.parametrize("name", WORLDS)
def test_everything_drawn_is_said(name):
    for frame in film(name).frames:
        said = " ".join(frame.description)
        for drawing in (frame.wide, frame.narrow):
            drawn = [r.element.text for r in rectangles(drawing, Text)]
            assert not [words for words in drawn if "…" not in words and words.removeprefix("$").lstrip() not in said]


@pytest.mark.parametrize("name", WORLDS)
def test_no_frame_repeats_the_caption_of_the_one_before(name):
    captions = [frame.caption for frame in film(name).frames]
    assert all(one != other for one, other in zip(captions, captions[1:], strict=False))


@given(
    words=st.lists(WORDS, max_size=30),
    note=WORDS,
    upward=st.booleans(),
    tall=st.booleans(),
    lit=st.integers(0, 29),
    columns=st.sampled_from((0, 0, 5, 12)),
)
@settings(max_examples=60, deadline=None)
def test_a_board_of_any_contents_is_well_laid_out(words, note, upward, tall, lit, columns):
    items = tuple(
        Item(f"item:{n}", text, note, mark=(note[:20], "hit", "hit") if n % 2 else None, depth=n % 4 * (not columns),
             lit=n == lit, share=0.5 if n % 5 == 0 and not columns else None, column=n, chip=n if n % 3 else None,
             prose=n % 2 == 0)
        for n, text in enumerate(words[:columns] if columns else words)
    )
    zone = Zone("zona", note, items, note, upward, tall, columns)
    board = Board("pie", ((zone, Zone("otra", "Otra", bars=(0.2, 1.0))),), order=note, answer=note,
                  facts=(("uno", note, note),))
    made = layout.film([board, Board("otro", ((Zone("zona", "Zona"),),))], "título")
    assert not [fault for drawing in drawings(made) for fault in faults(drawing)]


def test_a_fold_says_how_many_it_hides_and_keeps_the_lit_one():
    items = tuple(Item(f"i{n}", f"pieza {n}", lit=n == 20) for n in range(40))
    shown = layout.fold(Zone("zona", "Zona", items), 200)
    folds = [item for item in shown if item.key.endswith("/fold")]
    hidden = sum(int(item.text.split()[1]) for item in folds)
    assert hidden + len(shown) - len(folds) == 40 and items[20] in shown and len(folds) == 2


def test_a_deleted_file_is_covered_but_still_weighs():
    image = secret_image()
    balance = film("capas").frames[-1]
    lost = sum(layers.wasted(image.layers, index) for index in range(len(image.layers)))
    assert lost == len("clave=1234\n") + len("console.log(1)\n")
    assert "Tapado, y aun así guardado: 26B." in balance.description
    assert "/app/secreto.txt: no se ve." in balance.description


def test_the_secret_is_found_in_the_layer_that_holds_it():
    frames = film("secreto").frames
    assert frames[0].caption == "Desde arriba, /app/secreto.txt no existe."
    assert "lo guarda entero" in frames[-1].caption and "clave=1234." in frames[-1].description
    assert any("marca de borrado" in frame.caption for frame in frames)


def test_copying_up_is_told_apart_from_creating_and_from_rewriting():
    said = [frame.caption for frame in film("copia en escritura").frames]
    assert said[1] == "Leer no copia: todo sigue igual."
    assert said[2].startswith("/nota.txt se crea")
    assert "primero se copia entero" in said[3] and "ya estaba arriba" in said[4]
    assert "una marca en la capa de escritura lo tapa" in said[5]
    assert said[6] == "/nota.txt se borra del todo: solo estaba en la capa de escritura."


def test_the_copy_flies_from_the_lower_layer_to_the_upper_one():
    frame = film("copia en escritura").frames[3]
    copied = next(e for e, _, _ in walk(frame.wide.elements) if e.key == "upper:etc/nginx/nginx.conf")
    assert copied.enter[0] == 0 and copied.enter[1] > 90


def test_the_grace_clock_fills_up_and_ends_in_sigkill():
    frames = film("procesos").frames
    said = [frame.caption for frame in frames]
    start = next(n for n, words in enumerate(said) if "Empieza a contar el plazo de 4 s" in words)
    assert "Han pasado 2 s" in said[start + 1] and "Se acaba el plazo" in said[start + 2]
    assert "Código de salida 137" in said[start + 3]
    assert "4 s de 4 s." in frames[start + 2].description


def test_the_race_tells_which_part_of_the_key_changed():
    frames = film("carrera de caché").frames
    assert "COPY antes: «COPY . .» falla: cambió lo que copia." in frames[3].caption
    assert "COPY después: «RUN npm install» acierta" in frames[4].caption
    assert "COPY antes · 1.1 s: 2 aciertos, 2 fallos." in frames[-1].description
    assert "COPY después · 0 s: 4 aciertos, 1 fallo." in frames[-1].description


def test_what_dockerignore_names_does_not_travel_and_cannot_be_copied():
    said = [frame.caption for frame in film("contexto").frames]
    assert "La regla «node_modules» deja fuera 12 archivos (24kB)." in said
    assert any(words.startswith("La regla «!importante.log» devuelve al contexto 1 archivo") for words in said)
    assert any(words.startswith("COPY ../fuera falla: «..» no sale del contexto") for words in said)
    assert any(words.startswith("COPY .env falla: no ha viajado") for words in said)
    assert "viaja todo" in film("contexto sin reglas").frames[-1].caption


def test_what_copy_does_not_find_is_told_as_docker_tells_it_and_is_not_an_order():
    last = next(frame for frame in film("contexto").frames if frame.mark == "COPY ../fuera")
    assert last.description[:2] == ("Instrucción: COPY ../fuera /app/.", 'Error: "/fuera": not found')
    words = [e.text for e, _, _ in walk(last.wide.elements) if e.key == "order/words"]
    assert words == ["COPY ../fuera /app/"]


def test_a_path_that_begins_with_a_slash_is_counted_from_the_context():
    frames = travel.film({"b": 4}, "", ["/b", "/c"]).frames
    assert [frame.caption for frame in frames[2:]] == [
        "COPY /b copia 1 archivo de los que han viajado.",
        "COPY /c falla: esa barra es la raíz del contexto, y ahí no está. El constructor no ve otra cosa."]


def test_a_packed_context_skips_the_rules():
    whole = travel.film({"a.log": 3, "b": 4}, "*.log\n", ["b"])
    packed = travel.film({"a.log": 3, "b": 4}, "*.log\n", ["b"], packed=True)
    assert [frame.mark for frame in packed.frames] == ["Viaja el contexto", "COPY b"]
    assert packed.frames == whole.frames[2:]


def test_a_mount_covers_the_files_below_and_takes_what_is_written():
    said = [frame.caption for frame in film("montajes").frames]
    assert said[1].startswith("web ya no existe")
    assert "sigue en las capas, tapado. El volumen estaba vacío y ha recibido una copia." in said[2]
    assert said[3].endswith("va al volumen, no a la capa de escritura.")
    assert said[4].endswith("va a la capa de escritura.")
    assert "El volumen datos conserva 1 archivo." in said[5]


def test_the_layers_of_the_image_stay_when_the_container_goes():
    for frame in film("montajes").frames:
        gone = "ya no existe" in frame.caption
        head = next(n for n, words in enumerate(frame.description) if words.startswith("Capas de"))
        assert frame.description[head].startswith("Capas de la imagen" if gone else "Capas de web")
        if gone:
            assert "…/50x.html: 283B." in frame.description[head + 1:]


def test_only_what_the_last_stage_copies_survives():
    frames = film("etapas").frames
    assert any("se lleva de la etapa build solo eso: 3MB." in frame.caption for frame in frames)
    assert "Los 919MB de build se quedan en la caché de construcción." in frames[-1].caption
    assert "COPY --from=build /app /app copia de la etapa build." in frames[-1].description
    assert any(sentence.endswith("se descarta.") for sentence in frames[-1].description)


def test_a_published_port_changes_the_destination_of_the_packet():
    marks = [frame.mark for frame in film("paquete por un puerto publicado").frames]
    assert marks == ["Sale", "Nombre", "Puerto publicado", "Red", "Contesta"]


def test_the_name_is_lit_when_it_is_translated_and_the_port_when_it_is_used():
    frames = {frame.mark: frame for frame in film("paquete por un puerto publicado").frames}
    for mark, start in (("Nombre", "name:"), ("Puerto publicado", "port:")):
        lit = {e.key for e, _, _ in walk(frames[mark].wide.elements) if e.key.endswith("/ring")}
        assert {key.partition(":")[0] + ":" for key in lit if key != "packet/ring"} == {start}


@pytest.mark.parametrize(
    "name, last",
    [("paquete por su nombre", "Contesta"), ("paquete sin nombre", "Se pierde"), ("paquete a uno mismo", "Se niega")],
)
def test_a_packet_arrives_is_lost_or_is_refused(name, last):
    assert film(name).frames[-1].mark == last


def test_a_tag_moves_and_only_new_layers_travel():
    frames = film("registro").frames
    said = {frame.mark: frame.caption for frame in frames}
    moved = next(frame for frame in frames if "deja de apuntar a" in frame.caption)
    assert moved.caption.endswith("Viaja 1 capa (5B); 1 ya estaba.")
    assert said["docker push localhost:5000/app:1"] == "El registro ya tiene 1 capa; le falta 1."
    assert "el registro no se entera" in said["docker rmi localhost:5000/app:1"]
    assert said["docker pull localhost:5000/nadie"].startswith("Se niega: ")
    assert any("sin etiqueta" in sentence for sentence in frames[-1].description)


def test_without_an_order_there_is_no_empty_bar_and_its_place_is_kept():
    first, second, *_ = film("registro").frames
    assert not any(e.key.startswith("order") for e, _, _ in walk(first.wide.elements))
    assert any(e.key == "order" for e, _, _ in walk(second.wide.elements))
    assert first.wide.height == second.wide.height


def test_before_the_first_order_nobody_says_that_nothing_travels():
    first, *rest = film("registro").frames
    assert sum("aquí verás qué viaja" in words for words in first.description) == 2
    assert not any("aquí verás" in words for frame in rest for words in frame.description)


def test_a_layer_flies_to_the_other_side_and_the_one_that_was_there_stays():
    frames = film("registro").frames
    at = next(n for n, frame in enumerate(frames) if "deja de apuntar a" in frame.caption)
    before, after = ({e.key: e for e, _, _ in walk(frames[n].wide.elements)} for n in (at - 1, at))
    there = [key for key in after if key.startswith("there:") and "/" not in key]
    stays, flies = sorted(there, key=lambda key: key not in before)
    assert stays in before and flies not in before
    assert after[flies].enter[0] > 300 and after[flies].enter[1] == 0      # viene de «tu equipo», a la derecha


def test_a_registry_that_is_turned_off_keeps_its_shelf_and_answers_nobody():
    frames = film("registro que se apaga").frames
    said = [frame.caption for frame in frames]
    assert "El registro se enciende." in said
    off = next(n for n, words in enumerate(said) if words.startswith("El registro se apaga"))
    assert "Registro: imágenes (apagado):" in frames[off].description
    assert any(line.startswith("sha256:") for line in frames[off].description)
    assert said[-1].startswith("Se niega: ") and "connection refused" in said[-1]


def test_every_process_of_a_container_is_linked_to_its_host_number():
    frame = film("espacios").frames[2]
    assert sum("es el" in s and "del anfitrión." in s for s in frame.description) == 5
    arrows = [e for e, _, _ in walk(frame.wide.elements) if e.key.startswith("same:")]
    assert len(arrows) == 5 and sum(arrow.style == "arrow.lit" for arrow in arrows) == 2


def test_the_bars_grow_up_to_the_limit_and_the_oom_is_told():
    frames = film("memoria hasta el OOM").frames
    assert "Barras, en tanto por ciento: 16, 31, 47." in frames[2].description
    assert "OOMKilled: true." in frames[-1].description and "Código de salida: 137 (SIGKILL)." in frames[-1].description


def test_memory_is_measured_on_a_real_container_until_it_is_killed():
    order = "docker run -d --name mem -m 64m alpine sh -c 'apk add stress-ng; stress-ng --vm 1 --vm-bytes 128M'"
    frames = story("memory", [order], container="mem", every=0.1).frames
    assert len(frames) > 3 and frames[-1].mark == "OOM"


def test_a_stack_is_drawn_in_the_order_it_starts():
    first = film("pila de Compose").frames[0]
    assert [zone.key for zone, _, _ in walk(first.wide.elements) if zone.key.endswith("/panel")][:3] == [
        "turn:1/panel", "turn:2/panel", "turn:3/panel"]


def test_a_circle_of_services_is_drawn_in_one_turn():
    a, b = compose.Service("a", depends=(("b", "service_started"),)), compose.Service("b", depends=(("a", "x"),))
    assert compose.ranks((a, b)) == ((a, b),)


def test_a_stack_that_is_told_to_stop_does_not_fail_and_a_changed_file_is_told():
    """Acabar porque lo manda `down` no es fallar; y cambiar de condición no elimina a nadie."""
    alive, ended = compose.Service("db", state="running"), compose.Service("db", state="exited", exit_code=137)
    web = compose.Service("web", depends=(("db", "service_started"),), state="")
    waits = compose.Service("web", depends=(("db", "service_healthy"),), state="")
    said = [frame.caption for frame in compose.film((
        compose.Instant((alive, web), "docker compose up -d"), compose.Instant((ended, web), "docker compose down"),
        compose.Instant((ended, waits)))).frames]
    assert said[1:] == ["db se detiene: código de salida 137.", "El archivo cambia: web espera a que db esté sano."]


def test_the_shorter_of_two_films_waits_for_the_other():
    frames = film("dos a la par").frames
    lengths = [len(film(name).frames) for name in ("secreto", "secreto que se ve")]
    assert len(frames) == max(lengths)
    assert frames[0].caption.startswith("A: Desde arriba") and " B: " in frames[0].caption


def test_a_stack_comes_up_by_turns_and_each_service_says_what_it_waits_for():
    frames = film("pila de Compose").frames
    said = [frame.caption for frame in frames]
    assert said[0] == "El proyecto tiene 3 servicios; 2 esperan a otros."
    waiting = next(frame for frame in frames if "db pasa a running (starting)" in frame.caption)
    assert "web espera a que db arranque y a que prepara termine bien." in waiting.caption
    assert "prepara: busybox, espera." in waiting.description and "web: nginx, espera." in waiting.description
    order = [next(n for n, words in enumerate(said) if words.startswith(start)) for start in (
        "Se crean la red pila_default y el volumen pila_datos.", "Se crean los contenedores", "db pasa a running",
        "db ya está sano", "prepara pasa a running", "prepara pasa a exited (0)", "web pasa a running")]
    assert order == sorted(order)
    assert "web: nginx, 3/3 running." in frames[said.index("web pasa a 3/3 running.")].description


def test_a_stack_that_fails_says_who_failed_and_who_never_started():
    frames = film("pila de Compose").frames
    failed = next(n for n, frame in enumerate(frames) if frame.mark == "prepara: exited (3)")
    assert frames[failed].caption == "prepara falla: código de salida 3."
    assert frames[failed + 1].caption.startswith("web no llega a arrancar. La orden se rinde: service")


def test_down_keeps_the_volumes_unless_told_otherwise():
    said = [frame.caption for frame in film("pila de Compose").frames]
    assert "Se elimina la red pila_default. Los volúmenes se quedan: pila_datos." in said
    assert said[-1] == "Se eliminan la red pila_default y el volumen pila_datos."

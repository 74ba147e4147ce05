"""Las gráficas de tamaños dicen los números que dibujan."""

from __future__ import annotations

from dockerlab.scenes import plots
from dockerlab.scenes.memory import Sample

from .worlds import engine_with, secret_image


def written(figure):
    """Los textos de una gráfica."""
    axes = figure.axes[0]
    return [text.get_text() for text in axes.texts]


def test_each_layer_has_a_bar_with_its_size():
    image = secret_image()
    figure = plots.layer_sizes(image)
    assert len(written(figure)) == len(image.layers) and written(figure)[0] == "7.05MB"
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["se ve", "tapado"]


def test_before_and_after_are_read_from_top_to_bottom():
    figure = plots.comparison({"antes": 400_000_000, "después": 150_000_000})
    assert written(figure) == ["150MB", "400MB"]


def test_what_two_images_share_is_told_apart_from_their_own():
    engine = engine_with({"Dockerfile": "FROM alpine\nRUN echo hola > /hola\n"})[0]
    engine.pull("alpine")
    figure = plots.shared_sizes({"alpine": engine.image("alpine"), "app": engine.image("app")})
    shared, own = (container.datavalues.tolist() for container in figure.axes[0].containers)
    assert shared[0] == shared[1] > 7_000_000 and own == [0, 5]


def test_the_memory_series_shows_its_limit():
    samples = [Sample(n * 10**9, (("x", n * 2**20),)) for n in range(1, 5)]
    assert written(plots.memory_series(samples, 8 * 2**20)) == ["límite: 8MiB"]


def test_columns_say_their_numbers_and_the_first_name_is_on_top():
    figure = plots.columns(["antes", "después"], {"Pesa (MB)": [977, 175], "Segundos": [3.71, 0.02]})
    assert [[text.get_text() for text in axes.texts] for axes in figure.axes] == [["977", "175"], ["3.7", "< 0.1"]]
    assert figure.axes[0].yaxis_inverted()


def test_columns_mark_the_step_that_gains_most_and_never_is_not_a_number():
    figure = plots.columns(["una", "dos", "tres"], {"Pesa": [977, 229, 170], "Salud": [None, None, 5.02],
                                                    "Igual": [1, 1, 1], "Sube": [1, 2, 3]})
    bold = [[text.get_fontweight() == "bold" for text in axes.texts] for axes in figure.axes[:4]]
    assert bold == [[False, True, False], [False, False, True], [False] * 3, [False] * 3]
    assert [text.get_text() for text in figure.axes[1].texts] == ["nunca", "nunca", "5"]
    assert not figure.axes[5].get_visible()

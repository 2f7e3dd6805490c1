"""`python -m sandbox.demo`: calls break user pools, scene by scene; exit status 0 if all ended as expected."""

import argparse
import contextlib
import signal
import sys

from sandbox.demo import story
from sandbox.demo.scenes import SCENES
from sandbox.demo.stage.stage import LANGUAGES, NotReady, Stage, stage
from sandbox.terminal import Screen, on_standard_output

_INTERRUPTED = 130


def main() -> int:
    """Parse the command line, play, and end everything."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.demo", description=__doc__)
    numbers = [scene.number for scene in SCENES]
    parser.add_argument("--scene", type=int, choices=numbers, action="append", help="play only this scene (repeatable)")
    parser.add_argument("--keep", action="store_true", help="keep the box running after the last scene, until Ctrl-C")
    parser.add_argument(
        "--language",
        choices=LANGUAGES,
        default=LANGUAGES[0],
        help="the language of alerts and answers; the story is English",
    )
    arguments = parser.parse_args()
    chosen = [scene for scene in SCENES if arguments.scene is None or scene.number in arguments.scene]
    screen = on_standard_output()
    story.opening(screen)
    try:
        with stage(screen, language=arguments.language) as running:
            as_expected = story.play_all(chosen, running, screen, of=len(SCENES))
            if arguments.keep:
                _keep(running, screen)
            if as_expected:
                story.how_to_go_on(screen)
    except NotReady as error:
        print(f"\nThe demo could not run.\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        screen.line("\nInterrupted. Everything was stopped and removed.")
        return _INTERRUPTED
    return 0 if as_expected else 1


def _keep(running: Stage, screen: Screen) -> None:
    """Keep the box running until Ctrl-C."""
    screen.line()
    screen.paragraph("The box keeps running until Ctrl-C. To use it, type in another shell:")
    for name, value in running.box.environment.items():
        screen.paragraph(f"export {name}={value}")
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


sys.exit(main())

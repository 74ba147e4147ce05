"""Las reglas de `docker build --check`: qué dice Docker y qué quiere decir.

`text` es el mensaje de BuildKit ({0}, {1}: lo que cambia en cada caso) y
`summary`, su descripción general; lo demás lo explica en español. Fuente:
https://docs.docker.com/reference/build-checks/
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Una regla: `what` (qué pasa), `why` (por qué importa) y `tip` (qué probar)."""

    name: str
    summary: str
    text: str
    what: str
    why: str
    tip: str
    experimental: bool = False

    @property
    def url(self) -> str:
        """La página de la regla: `…/rule/stage-name-casing/`. Vacía si Docker no la tiene."""
        if self.name == "InvalidBaseImagePlatform":
            return ""
        kebab = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", self.name).lower()
        return f"https://docs.docker.com/go/dockerfile/rule/{kebab}/"


RULES = {rule.name: rule for rule in (
    Rule("StageNameCasing", "Stage names should be lowercase", "Stage name '{0}' should be lowercase",
         "El nombre de la etapa tiene mayúsculas.",
         "Docker no distingue mayúsculas en los nombres de etapa: mezclarlas solo confunde a quien lee.",
         "Escríbelo en minúsculas, también en `--from` y `--target`."),
    Rule("FromAsCasing", "The 'as' keyword should match the case of the 'from' keyword",
         "'{1}' and '{0}' keywords' casing do not match",
         "FROM y AS están escritos uno en mayúsculas y otro en minúsculas.",
         "Funciona igual, pero una misma línea con dos estilos se lee peor.",
         "Escribe `FROM … AS …`."),
    Rule("NoEmptyContinuation", "Empty continuation lines will become errors in a future release",
         "Empty continuation line",
         "Hay una línea vacía en medio de una instrucción que continúa.",
         "Docker la salta, pero parece el final de la instrucción, y algún día será un error.",
         "Quita la línea vacía, o conviértela en un comentario."),
    Rule("ConsistentInstructionCasing",
         "All commands within the Dockerfile should use the same casing (either upper or lower)",
         "Command '{0}' should match the case of the command majority ({1})",
         "Esta instrucción no usa las mismas mayúsculas que las demás.",
         "Docker las acepta de cualquier forma; lo normal es escribirlas todas en mayúsculas.",
         "Escríbelas todas igual."),
    Rule("DuplicateStageName", "Stage names should be unique",
         "Duplicate stage name {0}, stage names should be unique",
         "Dos etapas se llaman igual.",
         "`COPY --from` y `--target` usan una de ellas, y no siempre la que se espera.",
         "Da a cada etapa su nombre."),
    Rule("ReservedStageName", "Reserved words should not be used as stage names",
         "Stage name should not use the same name as reserved stage {0}",
         "La etapa usa un nombre que Docker ya usa para otra cosa.",
         "`scratch` es la imagen vacía, y `context`, la carpeta de la construcción.",
         "Elige otro nombre."),
    Rule("JSONArgsRecommended",
         "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals",
         "JSON arguments recommended for {0} to prevent unintended behavior related to OS signals",
         "El proceso principal está escrito en forma shell.",
         "En forma shell el PID 1 es `/bin/sh -c`, que no pasa las señales: `docker stop` esperará y matará.",
         'Usa la forma exec, con una lista JSON: `CMD ["programa", "argumento"]`.'),
    Rule("MaintainerDeprecated",
         "The MAINTAINER instruction is deprecated, use a label instead to define an image author",
         "Maintainer instruction is deprecated in favor of using label",
         "MAINTAINER está en desuso.",
         "Un metadato dice lo mismo y se puede consultar y filtrar.",
         'Usa `LABEL org.opencontainers.image.authors="…"`.'),
    Rule("UndefinedArgInFrom", "FROM command must use declared ARGs",
         "FROM argument '{0}' is not declared{1}",
         "FROM usa una variable que nadie ha declarado.",
         "En FROM solo valen los ARG de antes del primer FROM; sin declarar, la variable queda vacía.",
         "Declara `ARG` antes de FROM, o corrige el nombre."),
    Rule("WorkdirRelativePath",
         "Relative workdir without an absolute workdir declared within the build can have unexpected results "
         "if the base image changes",
         "Relative workdir {0} can have unexpected results if the base image changes",
         "La primera WORKDIR es una ruta relativa.",
         "Depende de la carpeta de trabajo de la imagen base, que puede cambiar sin avisar.",
         "Empieza la ruta por «/»."),
    Rule("UndefinedVar", "Variables should be defined before their use",
         "Usage of undefined variable '${0}'{1}",
         "Se usa una variable que no tiene valor.",
         "Docker pone en su lugar un texto vacío, sin quejarse: una ruta como `$APP/bin` pasa a ser `/bin`.",
         "Declárala con ARG o ENV en esta etapa, o corrige el nombre."),
    Rule("MultipleInstructionsDisallowed",
         "Multiple instructions of the same type should not be used in the same stage",
         "Multiple {0} instructions should not be used in the same stage because only the last one will be "
         "used",
         "La instrucción está más de una vez en la etapa.",
         "Solo cuenta la última: las anteriores no hacen nada.",
         "Deja una."),
    Rule("LegacyKeyValueFormat", "Legacy key/value format with whitespace separator should not be used",
         '"{0} key=value" should be used instead of legacy "{0} key value" format',
         "Nombre y valor están separados por un espacio.",
         "Es la forma antigua: solo admite una variable por línea y es fácil equivocarse con los espacios.",
         'Escribe `nombre=valor`, o `nombre="valor con espacios"`.'),
    Rule("InvalidBaseImagePlatform", "Base image platform does not match expected target platform",
         "Base image {0} was pulled with platform {2}, expected {1} for current build",
         "La imagen base es de otra plataforma.",
         "Sus programas son para otro procesador: no se ejecutarán, o lo harán emulados y despacio.",
         "Elige una imagen base de tu plataforma, o construye con `--platform`."),
    Rule("RedundantTargetPlatform",
         "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default "
         "behavior",
         "Setting platform to predefined {0} in FROM is redundant as this is the default behavior",
         "`--platform=$TARGETPLATFORM` no cambia nada.",
         "La plataforma de destino ya es la que se usa si no se dice otra.",
         "Quita la opción."),
    Rule("SecretsUsedInArgOrEnv", "Sensitive data should not be used in the ARG or ENV commands",
         "Do not use ARG or ENV instructions for sensitive data ({0} {1})",
         "El nombre de la variable parece el de un secreto.",
         "Lo que se pone en ARG o ENV queda escrito en la imagen: lo ve quien la descargue.",
         "Usa `RUN --mount=type=secret`, o da el secreto al contenedor al ejecutarlo."),
    Rule("InvalidDefaultArgInFrom",
         "Default value for global ARG results in an empty or invalid base image name",
         "Default value for ARG {0} results in empty or invalid base image name",
         "Sin dar valor a los argumentos, FROM queda sin una imagen válida.",
         "Quien construya sin `--build-arg` verá un error.",
         "Da al ARG un valor por defecto que sirva."),
    Rule("FromPlatformFlagConstDisallowed", "FROM --platform flag should not use a constant value",
         "FROM --platform flag should not use constant value {0}",
         "La plataforma de FROM está fija.",
         "La imagen no se podrá construir para otro procesador.",
         "Quita la opción y elige la plataforma al construir, o usa `$BUILDPLATFORM` para compilar."),
    Rule("CopyIgnoredFile", "Attempting to Copy file that is excluded by .dockerignore",
         "Attempting to {0} file {1} that is excluded by .dockerignore",
         "Se copia algo que .dockerignore deja fuera.",
         "Lo ignorado no viaja en el contexto, así que la copia fallará o no llevará nada.",
         "Quita el patrón de .dockerignore, o añade una excepción con «!»."),
    Rule("InvalidDefinitionDescription",
         "Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. "
         "If this is not intended to be a description comment, add an empty line or comment between the "
         "instruction and the comment.",
         "Comment for {0} should follow the format: `# {1} <description>`",
         "El comentario de encima no empieza por el nombre que describe.",
         "`docker build --call=outline` enseña esos comentarios como descripción.",
         "Empieza el comentario por el nombre, o deja entre medias un comentario vacío.", experimental=True),
    Rule("ExposeProtoCasing", "Protocol in EXPOSE instruction should be lowercase",
         "Defined protocol '{0}' in EXPOSE instruction should be lowercase",
         "El protocolo de EXPOSE tiene mayúsculas.",
         "Docker lo guarda en minúsculas de todos modos.",
         "Escribe `80/tcp`."),
    Rule("ExposeInvalidFormat",
         "IP address and host-port mapping should not be used in EXPOSE instruction. This will become an "
         "error in a future release",
         "EXPOSE instruction should not define an IP address or host-port mapping, found '{0}'",
         "EXPOSE lleva una dirección o un puerto del anfitrión.",
         "EXPOSE solo documenta el puerto del contenedor; publicar se hace al ejecutar, con `-p`.",
         "Deja solo el puerto: `EXPOSE 80`."),
)}

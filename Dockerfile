# syntax=docker/dockerfile:1
# Two stages: the first installs from the lock, the second holds what runs and nothing that builds.
# A release names the base image by its digest: --build-arg BASE=python@sha256:… (docs/hosting.md).
ARG BASE=python:3.13-slim
FROM ${BASE} AS build
# What else is installed: --build-arg REQUIREMENTS=requirements-cluster.txt adds the extra `cluster`.
ARG REQUIREMENTS=requirements.txt
WORKDIR /build
RUN python -m venv /opt/verbatim
COPY requirements-pip.txt requirements.txt requirements-cluster.txt ./
RUN /opt/verbatim/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements-pip.txt \
    && /opt/verbatim/bin/python -m pip install --no-cache-dir --require-hashes --only-binary :all: \
        --requirement "$REQUIREMENTS"
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY index index
COPY bot bot
RUN /opt/verbatim/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${BASE}
RUN groupadd --gid 10001 verbatim \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin verbatim \
    && mkdir /seeds /data /store && chown verbatim:verbatim /seeds /data /store
# The code belongs to root and cannot be written by the bot. The image holds no articles: /seeds is where the host's
# folder of articles is mounted, and what is there is what is served.
COPY --from=build /opt/verbatim /opt/verbatim
ENV PATH=/opt/verbatim/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VERBATIM_SEEDS=/seeds VERBATIM_DATA=/data VERBATIM_HTTP_PORT=9464
USER verbatim
WORKDIR /data
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "bot.monitoring.healthcheck"]
ENTRYPOINT ["python", "-m", "bot"]

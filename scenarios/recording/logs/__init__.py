"""Access logs as servers, proxies and clouds write them: every line is a request or has a reason.

::

    lines       bytes to lines: packed or not, in whatever encoding, however broken
    reader      which format a line is in; each line of a file decides for itself
    text        the common format and its kin: Apache, nginx, Envoy, AWS load balancers and buckets,
                behind whatever a collector writes before them
    objects     one JSON object a line: Caddy, Traefik, nginx, Envoy, clouds; or a line within one
    tables      columns that a #Fields line names: IIS, CloudFront, W3C
    fields      any other format, by a map that a person gives
    hit         a request, and why a line is none
    instants    when, in any of the ways of writing it
"""

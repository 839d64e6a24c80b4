"""The replay's child process: the only folder that imports locust and gevent."""

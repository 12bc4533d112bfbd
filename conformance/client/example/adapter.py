#!/usr/bin/env python3
"""A complete adapter for `mp2p conformance pamp-peer --adapter "python3 adapter.py"`.

Here the product is the class Peer below, fifty lines that speak PAMP by the standard library. In your adapter it is your own
product: a library you call, a process you start, a device you reach over its management interface.
"""
import http.client
import json
import sys
import threading
import urllib.error
import urllib.request


class Peer:
    """A small PAMP peer: registers, reports at the interval it is told, deregisters."""

    def __init__(self, url, overlay, peer):
        self.base, self.overlay, self.peer = url + "/pams", overlay, peer
        self.profile = {"max_up_bw": 1000, "max_dn_bw": 5000, "max_num_conn_for_up": 50}
        self.profile_due = True
        self.registered = threading.Event()
        self.changed = threading.Event()
        self.gone = threading.Event()
        self.event = "STARTED"
        self.thread = threading.Thread(target=self.run, daemon=True)

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as refused:
            return refused.code, b""
        except (OSError, http.client.HTTPException):
            return 0, b""

    def run(self):
        while not self.gone.is_set():
            interval = self.register()
            if interval is None:
                self.gone.wait(0.5)
                continue
            while not self.gone.is_set() and self.registered.is_set():
                if self.report() == 404:  # unknown there: register again
                    self.registered.clear()
                    self.gone.wait(0.5)
                    break
                self.changed.wait(interval or None)
                self.changed.clear()

    def register(self):
        body = {"peer_information": {"peer_id": self.peer, "type": "PEER"}}
        status, answer = self.send("POST", f"/{self.overlay}/peer/", body)
        try:
            conf = json.loads(answer)["pam_conf_info"] if status == 200 else None
        except (ValueError, KeyError):
            conf = None
        if status == 409:  # registered already, before a restart perhaps: begin anew
            self.send("DELETE", f"/{self.overlay}/peers/{self.peer}")
        if conf is None:
            return None
        self.base = conf.get("pams_url", self.base).rstrip("/")
        self.profile_due = True
        self.registered.set()
        return conf.get("report_interval", 0)

    def report(self):
        status = {"dynamic_status": {"overlay_event": self.event, "uploaded": "0", "downloaded": "0"}}
        if self.profile_due:
            status["static_status"] = dict(self.profile)
        code, _ = self.send("PUT", f"/{self.overlay}/peer/{self.peer}/", {"peer_status": status})
        if code == 200:
            self.profile_due = False
        return code

    def leave(self):
        self.gone.set()
        self.changed.set()
        self.thread.join()  # nothing is reported any more
        if self.registered.is_set():
            self.send("DELETE", f"/{self.overlay}/peers/{self.peer}")


def main():
    peer = None
    for line in sys.stdin:  # ends when the case does
        request = json.loads(line)
        answer = {"id": request["id"], "ok": True}
        action = request["do"]
        if action == "start":
            peer = Peer(request["url"], request["overlay-id"], request["peer-id"])
        elif action == "join":
            peer.thread.start()
        elif action == "leave":
            peer.leave()
        elif action == "change-profile":
            peer.profile.update(request["static_status"])
            peer.profile_due = True
            peer.changed.set()
        elif action in ("pause", "complete"):
            peer.event = {"pause": "STOPPED", "complete": "COMPLETED"}[action]
            peer.changed.set()
        else:
            answer = {"id": request["id"], "unsupported": f"{action} is not built into this example"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

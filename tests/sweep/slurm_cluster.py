"""A Slurm cluster of one node, this machine, out of Debian's packages: for a test, in a temporary folder, gone after it.

Needs neither systemd nor control groups, no installed configuration and no network but 127.0.0.1: everything that
Slurm and munge would look for under /etc, /run and /var is in the folder.
"""
import getpass
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

PROGRAMS = {"slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client", "munged": "munge"}
PATIENCE = 60  # seconds until the node is up

CONFIGURATION = """\
ClusterName=thimble
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={controller_port}
SlurmdPort={node_port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MailProg=/bin/true
ReturnToService=2
SchedulerParameters=sched_interval=1,sched_min_interval=1
KillWait=2
MinJobAge=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""

# Nothing here uses control groups, but slurmd loads its plugin for them; of the two, this one starts without
# /sys/fs/cgroup.
CONTROL_GROUPS = "CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n"


def find(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def missing_packages():
    return sorted({package for program, package in PROGRAMS.items() if not find(program)})


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    """`with Cluster() as cluster:` programs with cluster.environment see it."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="slurm"))
        self.folder.chmod(0o755)
        self.daemons = []
        for name in ("state", "spool", "munge"):
            (self.folder / name).mkdir(mode=0o755)
        self.environment = dict(os.environ, SLURM_CONF=str(self.folder / "slurm.conf"))
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        controller_port, node_port = free_ports(2)
        host = socket.gethostname().split(".")[0]
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            host=host, user=getpass.getuser(), folder=self.folder, controller_port=controller_port, node_port=node_port))
        (self.folder / "cgroup.conf").write_text(CONTROL_GROUPS)
        self.start_munge(self.folder / "munge")
        self.run("slurmctld", "-D")
        self.run("slurmd", "-D", "-N", host)
        self.wait_for("a node", lambda: "idle" in self.output("sinfo", "--noheader", "--format=%t"))

    def start_munge(self, folder):
        key = folder / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self.run("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={folder}/socket",
                 f"--pid-file={folder}/pid", f"--log-file={folder}/log", f"--seed-file={folder}/seed")
        self.wait_for("munge", (folder / "socket").exists)

    def run(self, program, *arguments):
        with open(self.folder / f"{program}.out", "w") as log:
            self.daemons.append(subprocess.Popen([find(program), *arguments], env=self.environment, stdout=log,
                                                 stderr=log, stdin=subprocess.DEVNULL))

    def output(self, program, *arguments):
        return subprocess.run([find(program), *arguments], env=self.environment, capture_output=True, text=True,
                              timeout=60).stdout

    def wait_for(self, what, is_there):
        deadline = time.monotonic() + PATIENCE
        while not is_there():
            if time.monotonic() > deadline or any(daemon.poll() is not None for daemon in self.daemons):
                raise RuntimeError(f"no {what}; what the daemons said:\n{self.logs()}")
            time.sleep(0.2)

    def logs(self):
        files = [*sorted(self.folder.glob("*.out")), *sorted(self.folder.glob("*.log")), self.folder / "munge" / "log"]
        return "\n".join(f"{file.name}:\n{file.read_text()[-2000:]}" for file in files if file.exists())

    def __exit__(self, *_):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

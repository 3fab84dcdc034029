# Two hosts, 10.78.0.11 and 10.78.0.12, on a bridge with this one, 10.78.0.1: to be sourced by run.sh.
# fch1 and fch2 are their links.
export FC_FOLDER=${FC_FOLDER:-/tmp/fastlogit-cluster}
export SLURM_CONF=$FC_FOLDER/slurm.conf
bridge=fc-bridge

install_packages() {
  local needed="openssh-server openssh-client iproute2 slurm-wlm munge r-cran-rmpi r-cran-snow
    openmpi-bin libopenmpi-dev"
  dpkg -s $needed > /dev/null 2>&1 && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $needed
}

raise_hosts() {
  mkdir -p "$FC_FOLDER/state" /run/sshd
  write_keys
  ip link add $bridge type bridge && ip addr add 10.78.0.1/24 dev $bridge && ip link set $bridge up ||
    return 1
  for i in 1 2; do raise_host $i || return 1; done
  raise_slurm
}

raise_host() {
  ip netns add fchost$1
  ip link add fch$1 type veth peer name eth0 netns fchost$1
  ip link set fch$1 master $bridge up
  ip -n fchost$1 addr add 10.78.0.1$1/24 dev eth0
  ip -n fchost$1 link set eth0 up
  ip -n fchost$1 link set lo up
  ip netns exec fchost$1 /usr/sbin/sshd -f /dev/null -h "$FC_FOLDER/hostkey" \
    -E "$FC_FOLDER/sshd$1.log" -o PidFile="$FC_FOLDER/sshd$1.pid" -o ListenAddress=10.78.0.1$1 \
    -o AuthorizedKeysFile="$FC_FOLDER/authorized_keys" -o StrictModes=no -o UsePAM=no \
    -o PasswordAuthentication=no ${R_LIBS:+-o "SetEnv=R_LIBS=$R_LIBS"}
}

write_keys() {
  [ -f "$FC_FOLDER/id" ] && return
  ssh-keygen -q -t ed25519 -N '' -f "$FC_FOLDER/id"
  ssh-keygen -q -t ed25519 -N '' -f "$FC_FOLDER/hostkey"
  cp "$FC_FOLDER/id.pub" "$FC_FOLDER/authorized_keys"
  chmod 600 "$FC_FOLDER/authorized_keys"
  cat > "$FC_FOLDER/ssh_config" <<CONFIG
Host 10.78.0.*
  IdentityFile $FC_FOLDER/id
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
CONFIG
  printf '#!/bin/bash\nexec ssh -F %s/ssh_config "$@"\n' "$FC_FOLDER" > "$FC_FOLDER/ssh"
  chmod +x "$FC_FOLDER/ssh"
}

raise_slurm() {
  local name=$(hostname -s)
  cat > "$SLURM_CONF" <<CONFIG
ClusterName=fastlogit
SlurmctldHost=$name(10.78.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmctldPidFile=$FC_FOLDER/slurmctld.pid
SlurmdPidFile=$FC_FOLDER/slurmd.%n.pid
SlurmdSpoolDir=$FC_FOLDER/spool.%n
StateSaveLocation=$FC_FOLDER/state
SlurmctldLogFile=$FC_FOLDER/slurmctld.log
SlurmdLogFile=$FC_FOLDER/slurmd.%n.log
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=host1 NodeAddr=10.78.0.11 NodeHostname=$name CPUs=2 RealMemory=1000
NodeName=host2 NodeAddr=10.78.0.12 NodeHostname=$name CPUs=2 RealMemory=1000
PartitionName=main Nodes=host1,host2 Default=YES MaxTime=INFINITE State=UP
CONFIG
  mkdir -p /run/munge "$FC_FOLDER/spool.host1" "$FC_FOLDER/spool.host2"
  chown munge:munge /run/munge
  pgrep -x munged > /dev/null || setpriv --reuid=munge --regid=munge --init-groups /usr/sbin/munged
  slurmctld -f "$SLURM_CONF"
  # nsenter, as 'ip netns exec' hides the control groups that slurmd asks for.
  for i in 1 2; do
    nsenter --net=/run/netns/fchost$i slurmd -f "$SLURM_CONF" -N host$i
  done
  for try in $(seq 60); do
    [ "$(sinfo -h -o %D -t idle)" = 2 ] && return 0
    sleep 0.5
  done
  echo "Slurm did not come up"
  return 1
}

# Ends what was started here, by its pid files and by the namespaces.
drop_hosts() {
  scancel -u root 2> /dev/null
  sleep 1
  for file in slurmd.host1 slurmd.host2 slurmctld sshd1 sshd2; do
    [ -f "$FC_FOLDER/$file.pid" ] && kill "$(cat "$FC_FOLDER/$file.pid")" 2> /dev/null
  done
  [ -f /run/munge/munged.pid ] && kill "$(cat /run/munge/munged.pid)" 2> /dev/null
  for i in 1 2; do
    for process in $(ip netns pids fchost$i 2> /dev/null); do kill -9 $process 2> /dev/null; done
    ip netns del fchost$i 2> /dev/null
    ip link del fch$i 2> /dev/null
  done
  ip link del $bridge 2> /dev/null
  for process in $(pgrep -x slurmstepd); do
    grep -qzF "$SLURM_CONF" /proc/$process/environ 2> /dev/null && kill -9 $process
  done
  rm -rf "$FC_FOLDER"
}

# A coordinator here and a worker on each host, by mpirun over ssh; $2: what happens. Open MPI ends
# the job when a process dies, and when a host is silent, if told to ask (oob_tcp_keepalive...). A
# process that only stopped is never noticed: there the limit ends the job.
run_mpi() {
  local limit=20 log=$FC_FOLDER/mpi-$2.log began=$SECONDS
  local mca="--mca btl tcp,self --mca btl_tcp_if_include 10.78.0.0/24
    --mca oob_tcp_if_include 10.78.0.0/24 --mca oob_tcp_keepalive_time 2
    --mca oob_tcp_keepalive_intvl 1 --mca oob_tcp_keepalive_probes 2"
  local snow=$(Rscript -e 'cat(system.file("RMPISNOW", package = "snow"))')
  { FC_CASE=$2 timeout -k 2 $limit mpirun --allow-run-as-root -x R_LIBS -x FC_CASE -x FC_FOLDER \
    --mca plm_rsh_agent "$FC_FOLDER/ssh" $mca --host 10.78.0.1:1,10.78.0.11:1,10.78.0.12:1 \
    "$snow" --no-save --no-echo -f "$1" > "$log" 2>&1; } 2> /dev/null
  local status=$? took=$((SECONDS - began))
  ip link set fch1 up
  ip link set fch2 up
  grep -E "^(ok|FAILED)" "$log"
  local outcome=ended
  [ $status = 0 ] && outcome=finished
  [ $took -ge $limit ] && outcome=unnoticed
  grep -q "^ok" "$log" || outcome="did not begin"
  case "$2 $outcome" in
    "whole finished") return 0 ;;
    "kill ended" | "cut ended")
      echo "ok      $2: mpirun ended the job, after $took s with the start" && return 0 ;;
    "stop unnoticed")
      echo "ok      stop: not noticed, as MPI has no time-outs; the limit of the job ended it"
      return 0 ;;
  esac
  echo "FAILED  $2: $outcome, status $status, after $took s"
  tail -5 "$log"
  return 1
}

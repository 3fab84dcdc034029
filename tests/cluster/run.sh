#!/bin/bash
# Fits shared among two real hosts: by mirai over ssh and under Slurm, by PSOCK over ssh, by MPI. The
# hosts are network namespaces of this machine, each with its own sshd and Slurm daemon, so links can
# be cut. Root only, and only on a machine that may be changed (packages are installed):
#
#   FASTLOGIT_CLUSTER_TESTS=1 tests/cluster/run.sh [mirai-ssh] [mirai-slurm] [psock-ssh] [mpi]
#     [sources] [traffic]
#
# R has to find fastlogit and mirai (set R_LIBS). Prints a line for each check; the exit status is 1
# where one failed.
set -u
if [ "${FASTLOGIT_CLUSTER_TESTS:-}" != 1 ]; then
  echo "skipped: set FASTLOGIT_CLUSTER_TESTS=1 to run the tests on two hosts"
  exit 0
fi
here=$(cd "$(dirname "$0")" && pwd)
. "$here/hosts.sh"

install_packages
raise_hosts || { drop_hosts; exit 1; }
trap drop_hosts EXIT

failed=0
for part in ${@:-mirai-ssh mirai-slurm psock-ssh mpi sources traffic}; do
  echo "== $part"
  case $part in
    # MPI has no way to go on without a process: each case is a job of its own.
    mpi) for case in whole kill cut stop; do run_mpi "$here/mpi.R" $case || failed=1; done ;;
    *) timeout 300 Rscript "$here/$part.R" || failed=1 ;;
  esac
done
[ $failed = 0 ] && echo "all passed" || echo "FAILED"
exit $failed

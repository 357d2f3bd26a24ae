#!/bin/sh
# Alpine's adduser and addgroup, for a busybox that was built without them: what Dockerfiles use of them. It is called by either name.
set -e

fail() {
	echo "$(basename "$0"): $1" >&2
	exit 1
}

# The lowest identifier of /etc/$1 that is free, from $2 on.
free() {
	awk -F: -v id="$2" '{ taken[$3] = 1 } END { while (id in taken) id++; print id }' "/etc/$1"
}

# Whether /etc/$1 has an entry named $2.
has() {
	grep -q "^$2:" "/etc/$1"
}

# Adds the user $1 to the group $2.
join() {
	has passwd "$1" || fail "unknown user $1"
	has group "$2" || fail "unknown group $2"
	sed -i -e "/^$2:/s/\([^:]\)\$/\1,/" -e "/^$2:/s/\$/$1/" /etc/group
}

# Adds the group $1, with the identifier $2, or a free one from $3 on.
make_group() {
	has group "$1" && fail "group '$1' in use"
	echo "$1:x:${2:-$(free group "$3")}:" >> /etc/group
}

first=1000 home='' gecos='Linux User,,,' shell=/bin/sh group='' id='' no_home=''
options=$(getopt -o h:g:s:G:u:k:SDH -l home:,gecos:,shell:,ingroup:,uid:,gid:,skel:,system,disabled-password,no-create-home -n "$(basename "$0")" -- "$@")
eval set -- "$options"
while [ "$1" != "--" ]; do
	case $1 in
	-S | --system) first=100 shell=/sbin/nologin ;;
	-D | --disabled-password) ;;
	-H | --no-create-home) no_home=yes ;;
	-h | --home) home=$2 && shift ;;
	-s | --shell) chosen=$2 && shift ;;
	-G | --ingroup) group=$2 && shift ;;
	-u | --uid | --gid) id=$2 && shift ;;
	-k | --skel) shift ;;
	-g) gecos=$2 id_of_group=$2 && shift ;;
	--gecos) gecos=$2 && shift ;;
	esac
	shift
done
shift
[ $# -gt 0 ] || fail 'a name is required'

if [ "$(basename "$0")" = addgroup ]; then
	if [ $# -gt 1 ]; then join "$1" "$2"; else make_group "$1" "${id_of_group:-$id}" "$first"; fi
	exit
fi

[ $# -gt 1 ] && join "$1" "$2" && exit
has passwd "$1" && fail "user '$1' in use"
user_id=${id:-$(free passwd "$first")}
if [ -n "$group" ]; then
	has group "$group" || fail "unknown group $group"
	group_id=$(awk -F: -v name="$group" '$1 == name { print $3 }' /etc/group)
elif [ "$first" = 100 ]; then
	# A system user without a group of its own is in nogroup.
	has group nogroup || echo nogroup:x:65533: >> /etc/group
	group_id=65533
else
	make_group "$1" "$user_id"
	group_id=$user_id
fi
home=${home:-/home/$1}
echo "$1:x:$user_id:$group_id:$gecos:$home:${chosen:-$shell}" >> /etc/passwd
if [ -z "$no_home" ] && [ ! -e "$home" ]; then
	mkdir -p "$home" && chown "$user_id:$group_id" "$home" && chmod 2755 "$home"
fi

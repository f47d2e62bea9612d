# What a container with a read-only root file system is to the bot, in a mount namespace:
# / cannot be written, /tmp and the data folder can, secrets are files, the user is nobody special.
#   container.sh FOLDER DEPENDENCIES UID WORD...      FOLDER has venv/, secrets/ and data/
set -eu
folder=$1 dependencies=$2 uid=$3
shift 3
mount --make-rprivate /
# Folders that a user without rights cannot enter are no part of an image; the interpreter is.
if [ -n "${INTERPRETER:-}" ]; then
    mount -t tmpfs -o mode=755 tmpfs /mnt
    mkdir /mnt/interpreter
    mount --bind "$INTERPRETER" /mnt/interpreter
    mount -t tmpfs -o mode=755 tmpfs "$CLOSED"
    mkdir -p "$INTERPRETER"
    mount --move /mnt/interpreter "$INTERPRETER"
    umount /mnt
fi
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir /mnt/venv /mnt/dependencies /mnt/data
mount --bind "$folder/venv" /mnt/venv
mount --bind "$dependencies" /mnt/dependencies
mount --bind "$folder/data" /mnt/data
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/secrets
cp "$folder/secrets/"* /run/secrets/
chown -R "$uid" /run/secrets /mnt/data
chmod 0400 /run/secrets/*
mount -o remount,ro /run
mount -o remount,ro,bind /
mount -o remount,ro,bind /mnt/venv
mount -o remount,ro,bind /mnt/dependencies
mount -o remount,ro /mnt
mount -t tmpfs -o mode=1777 tmpfs /tmp
cd /
exec setpriv --reuid "$uid" --regid "$uid" --clear-groups --bounding-set=-all --no-new-privs \
    --pdeathsig KILL "$@"

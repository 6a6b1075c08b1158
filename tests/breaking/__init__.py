"""Breaking it: processes are killed, disks fill, servers go away; what was promised still holds."""

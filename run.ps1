# Installs what is missing and starts the station on Windows.
#
# UNTESTED: nobody has run this yet. Intake relies on Linux file leases and process signals where they exist; on Windows
# the supported way is WSL 2 with Debian 12, where ./run works as it stands. This script starts exactly that.
$ErrorActionPreference = "Stop"
if (-not (Get-Command wsl.exe -ErrorAction SilentlyContinue)) {
    # Write-Error would end the script here, with code 1 instead of 4.
    [Console]::Error.WriteLine("WSL is not installed. As an administrator run: wsl --install -d Debian")
    exit 4
}
$here = (wsl.exe wslpath -a ($PSScriptRoot -replace '\\', '/')).Trim()
wsl.exe --cd $here ./run @args
exit $LASTEXITCODE

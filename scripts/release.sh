#!/usr/bin/env bash
# Run for each commit on main, in two jobs with different rights.
#
#   scripts/release.sh publish   when no changesets are left: publishes what the registry does not have
#   scripts/release.sh record    then tags what was published; while there are changesets, keeps a pull request up to date
#                                that takes them up: new versions, changelogs
set -euo pipefail
cd "$(dirname "$0")/.."

# Who commits and tags.
export GIT_AUTHOR_NAME=release GIT_AUTHOR_EMAIL=release@users.noreply.github.com
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

has_changesets() { compgen -G '.changeset/*.md' >/dev/null; }

publish() {
  if has_changesets; then return; fi
  # The registry checks where a package says it comes from against where it was built; only there is that known.
  if [ -n "${GITHUB_REPOSITORY-}" ]; then
    for folder in packages/*; do
      (cd "$folder" && npm pkg set "repository.type=git" "repository.directory=$folder" \
        "repository.url=git+$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git")
    done
  fi
  # It calls pnpm, which writes versions in place of `workspace:` and `catalog:`.
  pnpm=$(node --print 'require("./package.json").packageManager')
  npx --yes --package "$pnpm" --call 'changeset publish --no-git-tag'
}

record() {
  if ! has_changesets; then
    npx changeset tag
    git push origin --tags
    return
  fi

  # Checks end in any order. The run of the newest commit takes up this one's changesets, too.
  git fetch --quiet origin main
  [ "$(git rev-parse HEAD)" = "$(git rev-parse FETCH_HEAD)" ] || return 0

  npx changeset version
  git switch --force-create release
  git add --all
  git commit --message 'Release'
  git push --force origin release
  gh pr view release --json state --jq .state 2>/dev/null | grep -qx OPEN ||
    gh pr create --head release --title 'Release' --body 'Merging this publishes the versions it sets.'
}

case "${1-}" in
publish | record) "$1" ;;
*)
  echo 'Usage: scripts/release.sh publish | record' >&2
  exit 2
  ;;
esac

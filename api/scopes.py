"""What a token has to be good for, at each address of the API; an address without a row is closed to every token."""

from collections.abc import Iterator

from adapters.tokens import Scope
from api.resources import RESOURCES

ROWS = """
GET    /metrics                                          metrics
GET    /api/v1/me                                        read
GET    /api/v1/places                                    read
GET    /api/v1/steps                                     read
GET    /api/v1/cases                                     read
GET    /api/v1/cases/{case}                              read
GET    /api/v1/cases/{case}/history                      read
GET    /api/v1/cases/{case}/deadlines                    read
GET    /api/v1/boards/grids/{code}                       read
GET    /api/v1/boards/grids/{code}/verification          read
GET    /api/v1/boards/streets/{code}                     read
GET    /api/v1/boards/streets/{code}/callbacks           read
GET    /api/v1/boards/streets/{code}/verification        read
GET    /api/v1/boards/streets/{code}/repeats             read
GET    /api/v1/boards/streets/{code}/process             read
GET    /api/v1/boards/districts/{code}                   read
GET    /api/v1/boards/districts/{code}/callbacks         read
GET    /api/v1/boards/districts/{code}/repeats           read
GET    /api/v1/boards/districts/{code}/topics            read
GET    /api/v1/boards/districts/{code}/process           read
GET    /api/v1/boards/departments/{code}                 read
GET    /api/v1/boards/departments/{code}/process         read
GET    /api/v1/things/{code}                             read
GET    /api/v1/figures                                   read
GET    /api/v1/figures/{name}                            read
GET    /api/v1/messages                                  read
GET    /api/v1/saved-filters                             read
GET    /api/v1/staff                                     read
GET    /api/v1/staff/{staff}                             read
GET    /api/v1/cases.csv                                 take_out
GET    /api/v1/cases.json                                take_out
GET    /api/v1/cases.xes                                 take_out
GET    /api/v1/cases.ocel.json                           take_out
GET    /api/v1/boards/grids/{code}/lists/{name}.{form}       take_out
GET    /api/v1/boards/streets/{code}/lists/{name}.{form}     take_out
GET    /api/v1/boards/districts/{code}/lists/{name}.{form}   take_out
GET    /api/v1/boards/departments/{code}/lists/{name}.{form} take_out
GET    /api/v1/exports                                   read
POST   /api/v1/exports                                   take_out
POST   /api/v1/exports/{staff}/{number}/release          act
POST   /api/v1/exports/{staff}/{number}/refusal          act
POST   /api/v1/cases                                     act
POST   /api/v1/carried-over-cases                        act
POST   /api/v1/cases/{case}/looks                        act
POST   /api/v1/cases/{case}/photos/{number}/clearing     act
POST   /api/v1/messages/{message}/replays                act
POST   /api/v1/saved-filters                             act
DELETE /api/v1/saved-filters/{wanted}                    act
POST   /api/v1/staff/{staff}/grants                      act
POST   /api/v1/staff/{staff}/ended-grants                act
POST   /api/v1/staff/{staff}/departure                   act
"""

Address = tuple[str, str]  # method, path as the router has it


def _rows() -> Iterator[tuple[Address, Scope]]:
    for line in ROWS.strip().splitlines():
        method, path, scope = line.split()
        yield (method, path), Scope(scope)
    for resource in RESOURCES:
        yield ("POST", f"/api/v1/cases/{{case}}/{resource.path}"), Scope.ACT


SCOPES = dict(_rows())

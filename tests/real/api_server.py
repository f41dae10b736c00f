"""Django REST framework with djoser and simplejwt, as projects use them. Its one argument is a folder for the data.

It prints its port once it listens. `control/revoke/` makes every token that was accepted so far a bad one.
"""

import socketserver
import sys
from datetime import timedelta
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    APPEND_SLASH=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1] + "/data.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework.authtoken",
        "djoser",
    ],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_THROTTLE_RATES": {"anon": "1/minute"},
        "EXCEPTION_HANDLER": "rest_framework.views.exception_handler",
    },
    ROOT_URLCONF="__main__",
    SECRET_KEY="for tests on this machine alone, and long enough",
    SIMPLE_JWT={
        "ACCESS_TOKEN_LIFETIME": timedelta(hours=1),
        "AUTH_HEADER_TYPES": ("JWT",),
        "ROTATE_REFRESH_TOKENS": True,
    },
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path
from rest_framework import authentication, exceptions, pagination, permissions, serializers, throttling
from rest_framework.authtoken.models import Token
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTAuthentication

accepted, revoked, things = set(), set(), []


class RevocableJWT(JWTAuthentication):
    def get_validated_token(self, raw_token):
        if raw_token in revoked:
            raise exceptions.AuthenticationFailed("Given token not valid for any token type", "token_not_valid")
        accepted.add(raw_token)
        return super().get_validated_token(raw_token)


class ThingSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=20)
    count = serializers.IntegerField(min_value=0)


class Pages(pagination.PageNumberPagination):
    page_size = 10


class Things(APIView):
    authentication_classes = [authentication.TokenAuthentication, RevocableJWT]
    permission_classes = [permissions.IsAuthenticated]

    def get(self, request):
        pages = Pages()
        page = pages.paginate_queryset(things, request)
        return pages.get_paginated_response(page)

    def post(self, request):
        thing = ThingSerializer(data=request.data)
        thing.is_valid(raise_exception=True)
        things.append(thing.data)
        return Response(thing.data, status=201)


class Forbidding(Things):
    """The first class of authentication has no challenge: a bad token gets 403."""

    authentication_classes = [authentication.SessionAuthentication, authentication.TokenAuthentication]


class Forbidden(Things):
    permission_classes = [permissions.IsAdminUser]


class Uploads(Things):
    def post(self, request):
        file = request.FILES["file"]
        return Response({"name": file.name, "type": file.content_type, "size": file.size}, status=201)


class Throttled(APIView):
    throttle_classes = [throttling.AnonRateThrottle]

    def get(self, request):
        return Response({})


class Large(APIView):
    def get(self, request):
        return Response([{"n": n, "text": "größer"} for n in range(10000)])


class Revoke(APIView):
    def post(self, request):
        Token.objects.all().delete()
        revoked.update(accepted)
        return Response(status=204)


urlpatterns = [
    path("api/auth/", include("djoser.urls.authtoken")),
    path("api/auth/", include("djoser.urls.jwt")),
    path("api/things/", Things.as_view()),
    path("api/forbidding/", Forbidding.as_view()),
    path("api/forbidden/", Forbidden.as_view()),
    path("api/uploads/", Uploads.as_view()),
    path("api/throttled/", Throttled.as_view()),
    path("api/large/", Large.as_view()),
    path("control/revoke/", Revoke.as_view()),
]


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


call_command("migrate", verbosity=0)
User.objects.create_user("ada", password="correct horse")
things.extend({"name": f"thing {n}", "count": n} for n in range(25))
server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Handler)
print(server.server_port, flush=True)
server.serve_forever()

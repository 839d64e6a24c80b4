"""The pages of the club."""

from django.urls import path
from members import views

urlpatterns = [
    path("signup/", views.SignUp.as_view(), name="signup"),
    path("welcome/", views.Welcome.as_view(), name="welcome"),
    path("by-mail/", views.SignUpByMail.as_view(), name="by-mail"),
    path("by-mail/code/", views.Verify.as_view(), name="verify"),
]
